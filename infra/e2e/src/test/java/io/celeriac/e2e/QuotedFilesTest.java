package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guides quote files, or methods of files ({@code Name.java#method}), as they are. With {@code -Dupdate.guides=true} the test writes them there. */
class QuotedFilesTest {

    private static final Path PROJECT = Path.of("../..");
    private static final Path GUIDES = PROJECT.resolve("infra/docs/guides");
    private static final Pattern QUOTE =
            Pattern.compile("(<!-- file (\\S+?)(?:#(\\w+))? -->\n)(.*?)(<!-- /file -->)", Pattern.DOTALL);
    private static final Map<String, String> LANGUAGES = Map.of("py", "python", "mjs", "js", "java", "java");

    @Test
    void areAsTheyAre() throws IOException {
        var quotes = 0;
        for (var guide : guides()) {
            var text = Files.readString(guide);
            quotes += (int) QUOTE.matcher(text).results().count();
            var quoted = QUOTE.matcher(text).replaceAll(QuotedFilesTest::quote);
            if (Boolean.getBoolean("update.guides")) {
                Files.writeString(guide, quoted);
            }
            assertThat(Files.readString(guide)).as(guide.toString()).isEqualTo(quoted);
        }
        assertThat(quotes).isPositive();
    }

    private static List<Path> guides() throws IOException {
        try (var files = Files.list(GUIDES)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static String quote(MatchResult found) {
        var file = found.group(2);
        var language = LANGUAGES.get(file.substring(file.lastIndexOf('.') + 1));
        var text = found.group(3) == null ? read(file) : method(read(file), found.group(3));
        return Matcher.quoteReplacement(found.group(1) + "```" + language + "\n" + text + "```\n" + found.group(5));
    }

    /** From the line that declares it to the brace that ends it, without its indentation. */
    private static String method(String java, String name) {
        var method = Pattern.compile("^    \\w[^\n=]* " + name + "\\(.*?^    }\n", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(java);
        assertThat(method.find()).as("method %s in %s", name, java).isTrue();
        return method.group().replaceAll("(?m)^    ", "");
    }

    private static String read(String file) {
        try {
            return Files.readString(PROJECT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
