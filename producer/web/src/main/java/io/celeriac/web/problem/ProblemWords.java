package io.celeriac.web.problem;

import java.text.MessageFormat;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/**
 * Says in the reader's language what problems say in English.
 *
 * <p>The code writes problems in English. The bundle {@code messages/celeriac-problems} has the frequent ones, with places for values; a
 * text that it does not have stays English.
 */
public final class ProblemWords {

    /** Problems are in English. */
    private static final ProblemWords ENGLISH = new ProblemWords(Locale.ENGLISH, List.of());

    private static final String BUNDLE = "messages/celeriac-problems";
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");
    private static final int LONGEST = 1_000; // of a text that is compared
    private static final ProblemWords CHINESE = read(Locale.SIMPLIFIED_CHINESE);

    private final Locale language;
    private final List<Sentence> sentences;

    private ProblemWords(Locale language, List<Sentence> sentences) {
        this.language = language;
        this.sentences = sentences;
    }

    /**
     * A sentence in both languages.
     *
     * @param english what it looks like, with a group for each value
     * @param places numbers of the values, in the order of the groups
     * @param other in the other language, as a message format
     * @param letters how much of the English is fixed: the more, the less can be mistaken for it
     */
    private record Sentence(Pattern english, List<Integer> places, String other, int letters) {

        static Sentence of(String english, String other) {
            var plain = english.replace("''", "'");
            var fixed = PLACE.split(plain, -1);
            var places = PLACE.matcher(plain)
                    .results()
                    .map(place -> Integer.valueOf(place.group(1)))
                    .toList();
            var pattern = Arrays.stream(fixed).map(Pattern::quote).collect(Collectors.joining("(.+?)"));
            return new Sentence(
                    Pattern.compile(pattern, Pattern.DOTALL),
                    places,
                    other,
                    Arrays.stream(fixed).mapToInt(String::length).sum());
        }

        Optional<String> say(String text, Locale language) {
            var found = english.matcher(text);
            return found.matches()
                    ? Optional.of(new MessageFormat(other, language).format(values(found)))
                    : Optional.empty();
        }

        private Object[] values(Matcher found) {
            var values = new Object[10];
            Arrays.fill(values, "");
            for (var group = 0; group < places.size(); group++) {
                values[places.get(group)] = found.group(group + 1);
            }
            return values;
        }
    }

    private static ProblemWords read(Locale language) {
        var fallback = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);
        var english = ResourceBundle.getBundle(BUNDLE, Locale.ROOT, fallback);
        var other = ResourceBundle.getBundle(BUNDLE, language, fallback);
        var sentences = english.keySet().stream()
                .map(key -> Sentence.of(english.getString(key), other.getString(key)))
                .sorted(Comparator.comparing(Sentence::letters).reversed())
                .toList();
        return new ProblemWords(language, sentences);
    }

    /** The words of a language; English for one that there are none of. */
    public static ProblemWords of(Locale language) {
        return language.getLanguage().equals(CHINESE.language.getLanguage()) ? CHINESE : ENGLISH;
    }

    /** The words that the header {@code Accept-Language} asks for first; English for none, and for one that cannot be read. */
    static ProblemWords of(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.isBlank()) {
            return ENGLISH;
        }
        try {
            var first = Locale.LanguageRange.parse(acceptLanguage).get(0);
            return of(Locale.forLanguageTag(first.getRange()));
        } catch (IllegalArgumentException e) {
            return ENGLISH;
        }
    }

    /** What is written in this language, as for the header {@code Content-Language}. */
    Locale language() {
        return language;
    }

    boolean areEnglish() {
        return sentences.isEmpty();
    }

    /** A sentence, or the rest of one that begins with the name of a field. */
    public String say(String english) {
        if (english.length() > LONGEST) {
            return english;
        }
        return sentences.stream()
                .flatMap(sentence -> sentence.say(english, language).stream())
                .findFirst()
                .orElse(english);
    }

    /**
     * The detail of a problem. A detail that names the only field at fault becomes the name and the rule.
     *
     * @param errors of the problem, in English
     */
    String detail(String english, List<FieldError> errors) {
        if (errors.size() == 1 && !areEnglish()) {
            var error = errors.get(0);
            if (english.equals(error.field() + " " + error.message())) {
                return error.field() + " " + say(error.message());
            }
        }
        return say(english);
    }

    List<FieldError> errors(List<FieldError> english) {
        return english.stream()
                .map(error -> new FieldError(error.field(), say(error.message())))
                .toList();
    }

    /** Says a problem in this language, in place. */
    void translate(ProblemDetail problem) {
        var properties = problem.getProperties();
        var told = properties == null ? null : properties.get("errors");
        var errors = told instanceof List<?> list
                ? list.stream()
                        .filter(FieldError.class::isInstance)
                        .map(FieldError.class::cast)
                        .toList()
                : List.<FieldError>of();
        if (problem.getDetail() != null) {
            problem.setDetail(detail(problem.getDetail(), errors));
        }
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors(errors));
        }
    }
}
