package io.celeriac.local;

import org.jspecify.annotations.Nullable;

/** What a newcomer reads when everything is up. */
final class Welcome {

    private Welcome() {}

    /**
     * @param setupToken what makes the first administrator; null for none
     */
    static String text(LocalSettings settings, @Nullable String setupToken) {
        var api = "http://127.0.0.1:" + settings.port();
        return """

                Celeriac is up.

                  Console     %1$s/
                  API         %1$s/api, to be read and tried at %1$s/api/docs
                  Access      %2$s
                  Kafka       %3$s
                  Database    %4$s
                  Health      %5$d (worker) and %6$d (scheduler), at /actuator/health
                  Stored in   %7$s (logs in logs/)
                %8$s
                Ctrl-C stops everything.
                """.formatted(
                        api,
                        access(settings),
                        settings.bootstrapServers(),
                        database(settings),
                        settings.workerPort(),
                        settings.schedulerPort(),
                        settings.data(),
                        settings.secure() ? securely(api, setupToken) : openly(api));
    }

    private static String access(LocalSettings settings) {
        return settings.secure()
                ? "asks for credentials, as in production"
                : "open to everybody on this machine; --secure asks for credentials";
    }

    private static String openly(String api) {
        return """

                Try it, in another terminal:

                  curl -s %1$s/api/tasks -H 'Content-Type: application/json' -d '{"task":"demo.sleep","args":[6],"id":"first"}'
                  curl -s '%1$s/api/tasks/first?wait=PT10S'
                  curl -s %1$s/api/schedules -H 'Content-Type: application/json' -d '{"name":"timing","task":"demo.timing","kind":"interval","every":"PT3S"}'

                The schedule writes to output.txt here, every three seconds.
                """.formatted(api);
    }

    /** A line for the shell that signs in, and one that makes a token with that session. */
    private static String securely(String api, @Nullable String setupToken) {
        var begin = setupToken == null ? """

                Sign in at %1$s/sign-in, or in another terminal:

                  curl -s -c session %1$s/api/session -H 'Content-Type: application/json' -d '{"user":"admin","password":"..."}'
                """ : """

                Become the first administrator within 30 minutes. Open this address:

                  %1$s/setup?token=%2$s

                Or do it in another terminal, with a password of 12 characters or more:

                  curl -s -c session %1$s/api/setup -H 'Content-Type: application/json' -d '{"token":"%2$s","user":"admin","password":"..."}'
                """;
        return begin.formatted(api, setupToken) + """

                Then make a token for your programs (infra/docs/guides/securing.md):

                  curl -s -b session %1$s/api/session        # tells the X-CSRF-TOKEN
                  curl -s -b session -H 'X-CSRF-TOKEN: ...' %1$s/api/tokens -H 'Content-Type: application/json' -d '{"name":"me","role":"operator"}'
                  curl -s -H 'Authorization: Bearer cel_...' %1$s/api/tasks -H 'Content-Type: application/json' -d '{"task":"demo.sleep","args":[6]}'
                """.formatted(api);
    }

    private static String database(LocalSettings settings) {
        return settings.ownDatabase()
                ? "127.0.0.1:" + settings.dbPort() + " (database, user and password: celeriac)"
                : String.valueOf(settings.database());
    }
}
