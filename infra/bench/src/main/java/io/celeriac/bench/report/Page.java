package io.celeriac.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page written by people, with places that a benchmark fills: between {@code <!-- begin NAME -->} and
 * {@code <!-- end NAME -->}.
 */
public final class Page {

    private final Path file;
    private String text;

    private Page(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    public static Page read(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Puts {@code content} into a place, in the stead of what was there.
     *
     * @throws IllegalStateException when the page has no such place
     */
    public Page fill(String place, String content) {
        var begin = "<!-- begin " + place + " -->\n";
        var from = text.indexOf(begin);
        var to = text.indexOf("<!-- end " + place + " -->", Math.max(from, 0));
        if (from < 0 || to < 0) {
            throw new IllegalStateException(file + " has no place for \"" + place + '"');
        }
        text = text.substring(0, from + begin.length()) + content + text.substring(to);
        return this;
    }

    public void write() {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
