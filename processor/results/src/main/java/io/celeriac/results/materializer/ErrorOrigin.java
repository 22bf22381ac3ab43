package io.celeriac.results.materializer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place in the code where an error arose: the first frame of its innermost cause that is not the JDK's, such as
 * {@code com.acme.Mailer.send(Mailer.java:41)}. Errors of the same type and origin count as one problem.
 */
final class ErrorOrigin {

    private static final int LONGEST = 255;
    private static final String FRAME = "at ";
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "java.base/");

    private ErrorOrigin() {}

    /**
     * @param stackTrace as {@link Throwable#printStackTrace()} writes it, possibly clipped
     * @return null when it has no frame
     */
    static @Nullable String of(@Nullable String stackTrace) {
        if (stackTrace == null) {
            return null;
        }
        var cause = stackTrace.substring(Math.max(0, stackTrace.lastIndexOf("Caused by: ")));
        var frames = cause.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(FRAME))
                .map(line -> line.substring(FRAME.length()))
                .toList();
        return frames.stream()
                .filter(frame -> JDK.stream().noneMatch(frame::startsWith))
                .findFirst()
                .or(() -> frames.stream().findFirst())
                .map(frame -> frame.length() > LONGEST ? frame.substring(0, LONGEST) : frame)
                .orElse(null);
    }
}
