package io.celeriac.bench.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of the console, and what is needed to see them full. */
final class ConsolePages {

    private static final int SCHEDULES = 50;

    private ConsolePages() {}

    /**
     * The pages, by the name that the docs give them.
     *
     * @param failed id of a failed task
     */
    static Map<String, String> all(String failed) {
        var pages = new LinkedHashMap<String, String>();
        for (var path : List.of(
                "/",
                "/?window=7d",
                "/tasks",
                "/tasks?q=state:FAILURE",
                "/tasks?q=state:FAILURE+error:Exception3+since:1h",
                "/tasks?q=args.1:customer-042")) {
            pages.put(path.replace('+', ' '), path);
        }
        pages.put("/tasks/{id}", "/tasks/" + failed);
        for (var path : List.of(
                "/send",
                "/queues",
                "/queues/queue-1",
                "/workers",
                "/workers/bench-0",
                "/schedules",
                "/schedules/schedule-1",
                "/schedules/new",
                "/dead-letters",
                "/actions")) {
            pages.put(path, path);
        }
        return pages;
    }

    /** What people leave open, and how often these pages look again; lists of tasks look two seconds after an event. */
    static Map<String, Duration> leftOpen() {
        var open = new LinkedHashMap<String, Duration>();
        open.put("/", Duration.ofSeconds(5));
        open.put("/tasks", Duration.ofSeconds(2));
        open.put("/queues", Duration.ofSeconds(5));
        open.put("/tasks?q=state:FAILURE", Duration.ofSeconds(2));
        open.put("/schedules", Duration.ofSeconds(5));
        return open;
    }

    /** A list of tasks has a stream of events. */
    static boolean hasStream(String path) {
        return path.startsWith("/tasks");
    }

    /** Schedules that do not fire, as there is no scheduler. */
    static void makeSchedules(Calls calls) {
        for (var number = 1; number <= SCHEDULES; number++) {
            Calls.expect(
                    201,
                    calls.post(
                            "/api/schedules",
                            "{\"name\":\"schedule-" + number + "\",\"kind\":\"interval\",\"every\":\"PT1H\","
                                    + "\"task\":\"bench.task-01\",\"queue\":\"queue-1\",\"args\":[1,\"customer\"]}"));
        }
    }
}
