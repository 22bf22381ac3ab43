package io.celeriac.gateway.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The texts of all pages, in all languages. */
class MessagesTest {

    private static final Pattern IN_TEMPLATE = Pattern.compile("#\\{([a-zA-Z][\\w.-]*)");
    private static final Pattern BY_CALL = Pattern.compile("show\\.text\\('([a-zA-Z][\\w.-]*)'[,)]");
    private static final Pattern PLACE = Pattern.compile("\\{\\d+");

    @Test
    void hasEveryTextInEveryLanguage() throws IOException {
        var english = bundles("");
        var chinese = bundles("_zh");

        assertThat(english.stringPropertyNames()).isNotEmpty();
        assertThat(new TreeSet<>(chinese.stringPropertyNames()))
                .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
        assertThat(english.stringPropertyNames()).allSatisfy(key -> {
            assertThat(chinese.getProperty(key)).as(key).isNotBlank();
            assertThat(places(chinese.getProperty(key))).as(key).isSubsetOf(places(english.getProperty(key)));
        });
    }

    @Test
    void hasEveryTextThatATemplateNames() throws IOException {
        var known = bundles("").stringPropertyNames();
        var named = new HashSet<String>();
        for (var template : resources("classpath*:templates/celeriac/**/*.html")) {
            var text = template.getContentAsString(UTF_8);
            Stream.of(IN_TEMPLATE, BY_CALL)
                    .flatMap(pattern -> pattern.matcher(text).results())
                    .map(match -> match.group(1))
                    .forEach(named::add);
        }

        assertThat(named).isNotEmpty();
        assertThat(known).containsAll(named);
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    private static Properties bundles(String language) throws IOException {
        var all = new Properties();
        for (var bundle : resources("classpath*:messages/celeriac-*.properties")) {
            var name = String.valueOf(bundle.getFilename());
            if (name.replace(".properties", "").endsWith("_zh") == !language.isEmpty()) {
                try (var reader = new InputStreamReader(bundle.getInputStream(), UTF_8)) {
                    all.load(reader);
                }
            }
        }
        return all;
    }

    private static Iterable<Resource> resources(String pattern) throws IOException {
        return Arrays.asList(new PathMatchingResourcePatternResolver().getResources(pattern));
    }
}
