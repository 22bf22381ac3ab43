package io.celeriac.local;

/** What a newcomer reads when everything is up. */
final class Welcome {

    private Welcome() {}

    static String text(LocalSettings settings) {
        var api = "http://127.0.0.1:" + settings.port();
        return """

                Celeriac is up.

                  API         %1$s/api, to be read and tried at %1$s/api/docs
                  Kafka       %2$s
                  Database    %3$s
                  Health      %4$d (worker) and %5$d (scheduler), at /actuator/health
                  Stored in   %6$s (logs in logs/)

                Try it, in another terminal:

                  curl -s %1$s/api/tasks -H 'Content-Type: application/json' -d '{"task":"demo.sleep","args":[6],"id":"first"}'
                  curl -s '%1$s/api/tasks/first?wait=PT10S'
                  curl -s %1$s/api/schedules -H 'Content-Type: application/json' -d '{"name":"timing","task":"demo.timing","kind":"interval","every":"PT3S"}'

                The schedule writes to output.txt here, every three seconds. Ctrl-C stops everything.
                """.formatted(
                        api,
                        settings.bootstrapServers(),
                        database(settings),
                        settings.workerPort(),
                        settings.schedulerPort(),
                        settings.data());
    }

    private static String database(LocalSettings settings) {
        return settings.ownDatabase()
                ? "127.0.0.1:" + settings.dbPort() + " (database, user and password: celeriac)"
                : String.valueOf(settings.database());
    }
}
