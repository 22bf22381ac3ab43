package io.celeriac.bench.subject;

import io.celeriac.beat.BeatApplication;

/** The scheduler as it is delivered, and it ends with the harness. Arguments: Spring's, as {@code --name=value}. */
public final class SchedulerApplication {

    private SchedulerApplication() {}

    public static void main(String[] args) {
        Parent.endWithIt();
        BeatApplication.application().run(args);
        System.out.println(Ready.MARKER);
    }
}
