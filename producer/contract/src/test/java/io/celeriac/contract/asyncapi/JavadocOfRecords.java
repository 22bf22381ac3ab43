package io.celeriac.contract.asyncapi;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the sources of this module say of types and of the components of records. */
final class JavadocOfRecords {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Map<String, String> ENTITIES = Map.of("gt", ">", "lt", "<", "amp", "&");

    /** By the name of the type, and by that of the component behind a {@code #}. */
    private final Map<String, List<? extends DocTree>> sentences = new HashMap<>();

    JavadocOfRecords() {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null);
                var paths = Files.walk(SOURCES)) {
            var sources =
                    paths.filter(path -> path.toString().endsWith(".java")).toList();
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            var docs = DocTrees.instance(task);
            for (var unit : task.parse()) {
                new Reader(docs).scan(unit, unit.getPackageName() + ".");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first sentence of a type; null when it has none. */
    @Nullable
    String of(Class<?> type) {
        return text(type, type.getName());
    }

    /** The meaning of a component; null when nothing is said of it. */
    @Nullable
    String of(Class<?> type, String component) {
        return text(type, type.getName() + "#" + component);
    }

    private @Nullable String text(Class<?> type, String name) {
        var trees = sentences.get(name);
        return trees == null ? null : sentence(text(type.getName(), trees));
    }

    private final class Reader extends TreePathScanner<Void, String> {
        private final DocTrees docs;

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, String prefix) {
            var name = prefix + type.getSimpleName();
            var comment = docs.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                read(name, comment);
            }
            return super.visitClass(type, name + "$");
        }

        private void read(String name, DocCommentTree comment) {
            sentences.put(name, comment.getFirstSentence());
            comment.getBlockTags().stream()
                    .filter(ParamTree.class::isInstance)
                    .map(ParamTree.class::cast)
                    .forEach(param -> sentences.put(name + "#" + param.getName(), param.getDescription()));
        }
    }

    private static String text(String type, List<? extends DocTree> trees) {
        return trees.stream()
                .map(tree -> text(type, tree))
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .replaceAll("\\bnull (?=for|when|before|otherwise)", "absent ") // which is how null travels
                .strip();
    }

    private static String text(String type, DocTree tree) {
        if (tree instanceof TextTree text) {
            return text.getBody();
        }
        if (tree instanceof LiteralTree literal) {
            return literal.getBody().getBody();
        }
        if (tree instanceof LinkTree link) {
            return link.getLabel().isEmpty()
                    ? linked(type, link.getReference().getSignature())
                    : text(type, link.getLabel());
        }
        if (tree instanceof ValueTree value) {
            return constant(type, value.getReference().getSignature().substring(1));
        }
        if (tree instanceof EntityTree entity) {
            return ENTITIES.get(entity.getName().toString());
        }
        return " "; // an element of HTML
    }

    /** A constant of the type itself stands for its value, everything else for its name. */
    private static String linked(String type, String reference) {
        return reference.matches("#[A-Z_]+")
                ? constant(type, reference.substring(1))
                : reference.substring(reference.indexOf('#') + 1);
    }

    private static String constant(String type, String name) {
        try {
            var field = Class.forName(type).getDeclaredField(name);
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no constant " + name, e);
        }
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
