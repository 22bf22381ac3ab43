package io.celeriac.web.page;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A line of bytes as people read them.
 *
 * @param offset of its first byte, in hexadecimal
 * @param bytes in hexadecimal, with a space between
 * @param text the bytes that are printable ASCII, and dots
 */
public record HexLine(String offset, String bytes, String text) {

    private static final int WIDTH = 16;
    private static final int MOST_LINES = 256;
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(" ");

    /** The lines of the first four kilobytes. */
    public static List<HexLine> of(byte[] bytes) {
        return IntStream.iterate(0, at -> at < bytes.length, at -> at + WIDTH)
                .limit(MOST_LINES)
                .mapToObj(at -> line(bytes, at, Math.min(bytes.length, at + WIDTH)))
                .toList();
    }

    private static HexLine line(byte[] bytes, int from, int to) {
        var text = new StringBuilder();
        for (var at = from; at < to; at++) {
            text.append(bytes[at] >= ' ' && bytes[at] < 0x7f ? (char) bytes[at] : '.');
        }
        return new HexLine(
                HexFormat.of().toHexDigits((short) from),
                String.format("%-" + (3 * WIDTH - 1) + "s", FORMAT.formatHex(bytes, from, to)),
                text.toString());
    }
}
