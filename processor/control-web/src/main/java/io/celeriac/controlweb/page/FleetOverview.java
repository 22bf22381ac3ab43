package io.celeriac.controlweb.page;

import io.celeriac.controlweb.page.QueueStatus.Trouble;
import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.controlweb.worker.WorkerController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.OverviewPart;
import io.celeriac.web.page.Show;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What queues and workers contribute to the overview: which queue is behind and why, and who is gone. */
@Component
class FleetOverview implements OverviewPart {

    private static final int ORDER = 20;
    private static final int ROWS = 8;

    private final QueueController queues;
    private final WorkerController workers;
    private final InstantSource clock;

    FleetOverview(QueueController queues, WorkerController workers, InstantSource clock) {
        this.queues = queues;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public Contribution look(Caller caller, Duration window, Show show) {
        if (!caller.mayOnAll(Authority.TASK_READ)) {
            return Contribution.NONE; // the numbers are about all queues
        }
        try {
            var crew = workers.all(caller);
            var now = clock.instant();
            var statuses = queues.all(caller).stream()
                    .map(queue -> QueueStatus.of(queue, crew, now))
                    .toList();
            return look(statuses, Crew.of(crew), show);
        } catch (KafkaException e) {
            return new Contribution(List.of(silence(show)), List.of(), null);
        }
    }

    static Contribution look(List<QueueStatus> queues, Crew crew, Show show) {
        return new Contribution(
                findings(queues, crew, show),
                List.of(ready(queues, show), up(crew, show)),
                new Section(
                        "celeriac/fleet/overview",
                        "queues",
                        true,
                        Map.of("queues", first(queues), "all", queues.size())));
    }

    private static List<QueueStatus> first(List<QueueStatus> queues) {
        return queues.stream()
                .sorted(Comparator.<QueueStatus, Boolean>comparing(status -> status.trouble() == Trouble.NONE)
                        .thenComparing(status -> -Objects.requireNonNullElse(status.ready(), 0L)))
                .limit(ROWS)
                .toList();
    }

    private static List<Finding> findings(List<QueueStatus> queues, Crew crew, Show show) {
        var findings = new ArrayList<Finding>();
        if (queues.stream().anyMatch(status -> status.trouble() == Trouble.SILENCE)) {
            findings.add(silence(show)); // once, as it is the same for all queues
        }
        queues.stream()
                .filter(status -> status.trouble() != Trouble.NONE && status.trouble() != Trouble.SILENCE)
                .map(status -> finding(status, show))
                .forEach(findings::add);
        var lost = crew.lost();
        if (lost != null && crew.deserted().isEmpty()) {
            findings.add(new Finding(
                    Gravity.NOTE,
                    lost.worker().id(),
                    "/workers",
                    show.text("fleet.find.lost", show.since(lost.worker().seenAt()))));
        }
        return findings;
    }

    private static Finding silence(Show show) {
        return new Finding(Gravity.FAIL, "Kafka", "/queues", show.text("fleet.find.silence"));
    }

    private static Finding finding(QueueStatus status, Show show) {
        var queue = status.queue();
        var pause = queue.pause();
        var text = pause != null
                ? show.text("fleet.find.paused", pause.by(), show.ago(pause.at()))
                        + (pause.note() == null ? "" : ": " + show.cut(pause.note(), 200))
                : show.text(
                        "fleet.find." + status.trouble().name().toLowerCase(Locale.ROOT),
                        status.blamed(),
                        oldest(status, show));
        return new Finding(gravity(status.trouble()), queue.queue(), "/queues/" + queue.queue(), text);
    }

    private static Gravity gravity(Trouble trouble) {
        return switch (trouble) {
            case PAUSED, NONE -> Gravity.NOTE; // somebody wants it so
            case NO_WORKER, SILENCE -> Gravity.FAIL;
            case UNKNOWN, HANDLER, QUARANTINE, LIMIT, KEY, SLOTS -> Gravity.WARN;
        };
    }

    private static String oldest(QueueStatus status, Show show) {
        return show.since(status.queue().oldestReadyAt());
    }

    private static KeyNumber ready(List<QueueStatus> queues, Show show) {
        var oldest = queues.stream()
                .map(status -> status.queue().oldestReadyAt())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new KeyNumber(
                show.text("fleet.ready"),
                show.number(sum(queues)),
                "",
                oldest == null ? "" : show.text("fleet.number.oldest", show.since(oldest)),
                "",
                "/queues");
    }

    /** Null when the number of one is not known. */
    private static @Nullable Long sum(List<QueueStatus> queues) {
        var sum = 0L;
        for (var status : queues) {
            var ready = status.ready();
            if (ready == null) {
                return null;
            }
            sum += ready;
        }
        return sum;
    }

    private static KeyNumber up(Crew crew, Show show) {
        var lost = crew.count("lost");
        return new KeyNumber(
                show.text("place.workers"),
                show.number(crew.count("running")),
                show.text("fleet.number.up"),
                lost == 0 ? "" : show.text("fleet.count.lost", lost),
                lost == 0 ? "" : crew.deserted().isEmpty() ? "retry" : "fail",
                "/workers");
    }
}
