package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The drawing of the modules in the README has the arrows that the build has. */
class ModuleDrawingTest {

    private static final Path PROJECT = Path.of("..", "..");
    private static final Pattern ARROW = Pattern.compile("^ +([a-z-]+ -(?:-|[.]-)> [a-z-]+)$", Pattern.MULTILINE);
    private static final String OURS = "celeriac-";

    @Test
    void drawsTheArrowsOfTheBuild() throws Exception {
        var drawn =
                ARROW.matcher(drawing()).results().map(arrow -> arrow.group(1)).toList();

        assertThat(drawn).isSorted().containsExactlyInAnyOrderElementsOf(arrowsOfTheBuild());
    }

    private static String drawing() throws Exception {
        var readme = Files.readString(PROJECT.resolve("README.md"));
        return readme.substring(readme.indexOf("<!-- modules -->"), readme.indexOf("<!-- /modules -->"));
    }

    private static List<String> arrowsOfTheBuild() throws Exception {
        var arrows = new ArrayList<String>();
        for (var part : List.of("producer", "processor", "scheduler")) {
            try (Stream<Path> modules = Files.list(PROJECT.resolve(part))) {
                for (var pom : modules.map(module -> module.resolve("pom.xml"))
                        .filter(Files::exists)
                        .toList()) {
                    arrowsFrom(pom.toFile()).forEach(arrows::add);
                }
            }
        }
        return arrows;
    }

    private static Stream<String> arrowsFrom(File pom) throws Exception {
        var project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom)
                .getDocumentElement();
        var module = pom.getParentFile().getName();
        return children(project, "dependencies")
                .flatMap(dependencies -> children(dependencies, "dependency"))
                .filter(dependency -> text(dependency, "artifactId").startsWith(OURS))
                .filter(dependency -> !text(dependency, "scope").equals("test"))
                .map(dependency -> module
                        + arrow(text(dependency, "scope"))
                        + text(dependency, "artifactId").substring(OURS.length()));
    }

    /** Dotted where the module is only found on the class path, and no line imports it. */
    private static String arrow(String scope) {
        return scope.equals("runtime") ? " -.-> " : " --> ";
    }

    /** Empty where there is no such element. */
    private static String text(Element parent, String name) {
        return children(parent, name).findAny().map(Element::getTextContent).orElse("");
    }

    private static Stream<Element> children(Element parent, String name) {
        var all = parent.getChildNodes();
        var found = new ArrayList<Element>();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i) instanceof Element child && child.getTagName().equals(name)) {
                found.add(child);
            }
        }
        return found.stream();
    }
}
