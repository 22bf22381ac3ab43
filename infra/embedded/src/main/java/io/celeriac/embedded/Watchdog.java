package io.celeriac.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A shell that waits for this JVM to end, however it ends, and then stops a child that would not notice by itself. It
 * waits on its standard input, which closes when we die. Where there is no {@code /bin/sh} there is no watchdog, and the
 * next start ends the {@link Orphan}.
 */
final class Watchdog {

    private static final Path SHELL = Path.of("/bin/sh");

    /** Ctrl-C in a terminal goes to all processes of the group; this one must wait for the JVM. */
    private static final String SCRIPT = "trap '' INT HUP; read -r line; kill \"$1\"";

    private Watchdog() {}

    /** The watchdog itself ends with the child, so that it cannot stop a later process of the same number. */
    static void guard(ChildProcess child) throws IOException {
        if (!Files.isExecutable(SHELL)) {
            return;
        }
        Process watchdog = new ProcessBuilder(
                        List.of(SHELL.toString(), "-c", SCRIPT, "watchdog", String.valueOf(child.pid())))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var unused = child.process().onExit().thenRun(watchdog::destroy);
    }
}
