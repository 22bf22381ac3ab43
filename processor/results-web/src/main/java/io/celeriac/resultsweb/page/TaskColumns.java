package io.celeriac.resultsweb.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.ResponseCookie;

/**
 * The columns of the list of tasks that a reader has chosen, beside state and name. A browser keeps them in a cookie.
 *
 * @param shown in the order of the table
 */
record TaskColumns(List<Column> shown) {

    /** A column that can be chosen, in the order of the table. */
    enum Column {
        DETAIL(false),
        QUEUE(false),
        SCHEDULE(false),
        WORKER(false),
        LABELS(false),
        KEY(false),
        PRIORITY(true),
        ATTEMPT(true),
        WAIT(true),
        RUN(true),
        SUBMITTED(true),
        STARTED(true),
        FINISHED(true);

        private final boolean isNumber;

        Column(boolean isNumber) {
            this.isNumber = isNumber;
        }

        /** Its word in addresses, messages and the cookie. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it stands at the right. */
        public boolean isNumber() {
            return isNumber;
        }

        private static Optional<Column> of(String word) {
            return Arrays.stream(values())
                    .filter(column -> column.word().equals(word))
                    .findFirst();
        }
    }

    private static final String COOKIE = "celeriac-columns";
    private static final String BETWEEN = ".";
    private static final Duration KEPT = Duration.ofDays(365);
    private static final Set<Column> BY_DEFAULT =
            EnumSet.of(Column.DETAIL, Column.QUEUE, Column.ATTEMPT, Column.WAIT, Column.RUN, Column.SUBMITTED);

    /** Those of the request's cookie, or else the default ones. */
    static TaskColumns of(HttpServletRequest request) {
        var cookies = request.getCookies();
        return Stream.ofNullable(cookies)
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .findFirst()
                .map(value -> of(List.of(value.split("\\."))))
                .orElse(new TaskColumns(List.copyOf(BY_DEFAULT)));
    }

    /** Those that the words name; other words are passed over. */
    static TaskColumns of(Collection<String> words) {
        return new TaskColumns(words.stream()
                .flatMap(word -> Column.of(word).stream())
                .distinct()
                .sorted()
                .toList());
    }

    /** All that can be chosen. */
    public List<Column> all() {
        return List.of(Column.values());
    }

    public boolean has(Column column) {
        return shown.contains(column);
    }

    /** The cookie that keeps them. */
    ResponseCookie cookie(String contextPath) {
        var value = shown.stream().map(Column::word).collect(Collectors.joining(BETWEEN));
        return ResponseCookie.from(COOKIE, value)
                .path(contextPath.isEmpty() ? "/" : contextPath)
                .maxAge(KEPT)
                .httpOnly(true)
                .sameSite("Lax")
                .build();
    }
}
