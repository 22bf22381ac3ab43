package io.celeriac.embedded;

import java.nio.file.Path;

/** A program with a database, for the tests to kill. */
final class MariaDbLauncherMain {

    private MariaDbLauncherMain() {}

    public static void main(String[] args) throws InterruptedException {
        var settings = MariaDbSettings.of(Path.of(args[0]), Integer.parseInt(args[1]))
                .withBinaries(Path.of(args[2]))
                .withDatabase("celeriac", "celeriac", "celeriac");
        try (var server = MariaDbServer.start(settings)) {
            System.out.println("LAUNCHED " + server.pid());
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
