package io.celeriac.workflow.tree;

import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An index of the jobs in a store: those to be done soon in their order, the others by their time. Belongs to one thread. */
final class StoredJobs {

    /** Jobs that are handed out at once. */
    private static final int MOST = 1_000;

    private record Timed(Instant due, String key) {}

    private final Map<String, Job> all = new LinkedHashMap<>();
    private final Map<String, Job> soon = new LinkedHashMap<>();
    private final Map<OfWorkflow, Integer> counts = new HashMap<>(); // of the jobs that are to be done soon
    private final TreeSet<Timed> later =
            new TreeSet<>(Comparator.comparing(Timed::due).thenComparing(Timed::key));

    private record OfWorkflow(Job.Kind kind, String workflow) {}

    private static OfWorkflow ofWorkflow(Job job) {
        return new OfWorkflow(job.kind(), job.workflow());
    }

    void put(Job job) {
        remove(job);
        all.put(job.key(), job);
        if (job.due() == null) {
            soon.put(job.key(), job);
            counts.merge(ofWorkflow(job), 1, Integer::sum);
        } else {
            later.add(new Timed(job.due(), job.key()));
        }
    }

    void remove(Job job) {
        var before = all.remove(job.key());
        if (before != null && before.due() != null) {
            later.remove(new Timed(before.due(), before.key()));
        } else if (soon.remove(job.key()) != null) {
            counts.computeIfPresent(ofWorkflow(job), (of, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Moves a job that is to be done soon behind the others. */
    void toTheEnd(Job job) {
        var left = soon.remove(job.key());
        if (left != null) {
            soon.put(job.key(), left);
        }
    }

    @Nullable
    Job get(String key) {
        return all.get(key);
    }

    List<Job> all(Job.Kind kind) {
        return all.values().stream().filter(job -> job.kind() == kind).toList();
    }

    boolean isLeft(Job.Kind kind, String workflow) {
        return counts.containsKey(new OfWorkflow(kind, workflow));
    }

    List<Job> due(Instant now) {
        var due = new ArrayList<Job>();
        soon.values().stream().limit(MOST).forEach(due::add);
        for (var timed : later) {
            if (timed.due().isAfter(now) || due.size() >= 2 * MOST) {
                break;
            }
            due.add(all.get(timed.key()));
        }
        return due;
    }

    /** When the next job with a time is to be done; null for none. */
    @Nullable
    Instant nextDue() {
        return later.isEmpty() ? null : later.first().due();
    }

    /** Whether a job is to be done as soon as possible. */
    boolean areAny() {
        return !soon.isEmpty();
    }

    void clear() {
        all.clear();
        soon.clear();
        counts.clear();
        later.clear();
    }
}
