package io.celeriac.web.page;

import java.time.Duration;
import java.util.List;

/**
 * How far back the numbers of a page go.
 *
 * @param word in addresses and in the messages {@code overview.window.<word>}
 */
public record Window(String word, Duration length) {

    private static final Window DEFAULT = new Window("1h", Duration.ofHours(1));

    /** Those that a reader can choose, the shortest first. */
    public static final List<Window> ALL = List.of(
            new Window("15m", Duration.ofMinutes(15)),
            DEFAULT,
            new Window("24h", Duration.ofDays(1)),
            new Window("7d", Duration.ofDays(7)));

    /** The window of a word; an hour for any other word. */
    public static Window of(String word) {
        return ALL.stream().filter(one -> one.word.equals(word)).findFirst().orElse(DEFAULT);
    }
}
