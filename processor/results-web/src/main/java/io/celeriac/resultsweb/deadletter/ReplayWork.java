package io.celeriac.resultsweb.deadletter;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.RerunRepository.Claim;
import io.celeriac.results.action.TaskAction;
import io.celeriac.resultsweb.action.ActionWork;
import io.celeriac.resultsweb.action.Selection;
import io.celeriac.resultsweb.action.TaskMatches;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.Query;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Replays the dead letters of tasks that a search finds, unless they were replayed before. It reads the dead-letter topic backwards, and
 * asks for each task whether the search finds it.
 */
final class ReplayWork implements ActionWork<ConsumerRecord<byte[], byte[]>> {

    private static final int READ_AT_ONCE = 100;

    private final DeadLetterReader letters;
    private final DeadLetterView view;
    private final ReplayNotes notes;
    private final Replays replays;
    private final TaskMatches matches;
    private final InstantSource clock;

    ReplayWork(
            DeadLetterReader letters,
            DeadLetterView view,
            ReplayNotes notes,
            Replays replays,
            TaskMatches matches,
            InstantSource clock) {
        this.letters = letters;
        this.view = view;
        this.notes = notes;
        this.replays = replays;
        this.matches = matches;
        this.clock = clock;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.REPLAY;
    }

    /** The cursor is {@code partition/offset}: the page begins before that offset. */
    @Override
    public Page<ConsumerRecord<byte[], byte[]>> next(Selection selection, @Nullable String cursor, int limit) {
        var partition = cursor == null ? 0 : Integer.parseInt(cursor.substring(0, cursor.indexOf('/')));
        var before = cursor == null ? null : offset(cursor);
        var page = letters.newest(partition, READ_AT_ONCE, before);
        var items = new LinkedHashMap<String, ConsumerRecord<byte[], byte[]>>();
        for (var letter : page.records()) {
            if (selection.holds(queue(letter).orElse(null)) && isFound(selection, letter)) {
                items.put(name(letter), letter);
            }
            if (items.size() == limit) {
                return new Page<>(items, name(letter)); // the next page begins before this letter
            }
        }
        return new Page<>(items, next(partition, page));
    }

    @Override
    public Optional<String> queue(ConsumerRecord<byte[], byte[]> letter) {
        return replays.queue(letter);
    }

    private static @Nullable Long offset(String cursor) {
        var text = cursor.substring(cursor.indexOf('/') + 1);
        return text.isEmpty() ? null : Long.valueOf(text);
    }

    private @Nullable String next(int partition, DeadLetterReader.Page page) {
        if (!page.isLast() && !page.records().isEmpty()) {
            return partition + "/"
                    + page.records().get(page.records().size() - 1).offset();
        }
        return letters.has(partition + 1) ? (partition + 1) + "/" : null;
    }

    private boolean isFound(Selection selection, ConsumerRecord<byte[], byte[]> letter) {
        var id = taskId(letter);
        if (id == null) {
            return false;
        }
        var ofTask = "id:" + Query.quoted(id) + " (" + selection.frozenQ() + ")";
        return !matches.next(new Selection(ofTask, selection.queues()), null, 1)
                .items()
                .isEmpty();
    }

    /** Id of the dead letter's task; null if it is no task. */
    private static @Nullable String taskId(ConsumerRecord<byte[], byte[]> record) {
        var letter = DeadLetter.from(record.headers());
        if (letter == null || record.value() == null) {
            return null;
        }
        try {
            var id = TaskJson.task(record.value()).id();
            return id == null && letter.partition() >= 0
                    ? TaskIds.ofRecord(letter.topic(), letter.partition(), letter.offset())
                    : id;
        } catch (InvalidTaskException e) {
            return null;
        }
    }

    @Override
    public Optional<ConsumerRecord<byte[], byte[]>> find(String name) {
        try {
            var slash = name.indexOf('/');
            return Optional.of(
                    letters.at(Integer.parseInt(name.substring(0, slash)), Long.parseLong(name.substring(slash + 1))));
        } catch (ProblemException e) {
            if (e.status() == HttpStatus.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<CompletableFuture<ActionItem>> send(
            TaskAction action, Map<String, ConsumerRecord<byte[], byte[]>> items) {
        var newIds = new HashMap<String, String>();
        items.forEach((name, letter) -> newIds.put(name, newId(letter)));
        var claims = notes.claim(action.id(), newIds);
        var earlier = notes.of(items.values());
        var reruns = notes.reruns(items.values().stream()
                .map(ReplayWork::taskId)
                .filter(Objects::nonNull)
                .toList());
        var sent = new ArrayList<CompletableFuture<ActionItem>>(items.size());
        for (var item : items.entrySet()) {
            var name = item.getKey();
            var letter = item.getValue();
            var newId = newId(letter);
            var claim = claims.get(newId);
            var before = earlier.apply(letter).stream()
                    .filter(replay -> !replay.taskId().equals(newId))
                    .findFirst();
            var retried = reruns.getOrDefault(String.valueOf(taskId(letter)), Set.of()).stream()
                    .filter(id -> !id.equals(newId))
                    .toList();
            if (before.isPresent()) {
                sent.add(refused(name, "was replayed before as " + before.get().taskId()));
            } else if (!retried.isEmpty()) {
                sent.add(refused(name, "was retried before as " + String.join(", ", retried)));
            } else if (!new Claim(action.id(), name).equals(claim)) {
                sent.add(refused(name, "is run again as " + newId + " by " + by(action, claim)));
            } else if (isThere(newId)) {
                sent.add(CompletableFuture.completedFuture(ActionItem.done(name, newId, now())));
            } else {
                sent.add(replayed(action, name, letter, newId));
            }
            if (sent.get(sent.size() - 1).isCompletedExceptionally()) {
                break; // the broker is away
            }
        }
        return sent;
    }

    private CompletableFuture<ActionItem> refused(String name, String reason) {
        return CompletableFuture.completedFuture(ActionItem.refused(name, reason, now()));
    }

    private static String by(TaskAction action, @Nullable Claim claim) {
        if (claim == null) {
            return "another action";
        }
        return claim.action().equals(action.id())
                ? "the dead letter " + claim.item() + " of the same task"
                : "action " + claim.action();
    }

    /** Two dead letters of one run have the same: a worker that repeats an attempt makes both. */
    private static String newId(ConsumerRecord<byte[], byte[]> record) {
        var id = taskId(record);
        var letter = DeadLetter.from(record.headers());
        if (letter == null) {
            return TaskIds.ofRerun(String.valueOf(id), "", record.partition(), record.offset());
        }
        var queue = letter.topic().substring(letter.topic().lastIndexOf('.') + 1); // the name of a queue has no dots
        return TaskIds.ofRerun(String.valueOf(id), queue, letter.partition(), letter.offset());
    }

    /**
     * Whether it was sent before its gateway ended, or for another dead letter of the same run; workers may have forgotten its id by now.
     */
    private boolean isThere(String newId) {
        return notes.ofTask(newId).isPresent() && matches.find(newId).isPresent();
    }

    private CompletableFuture<ActionItem> replayed(
            TaskAction action, String name, ConsumerRecord<byte[], byte[]> letter, String newId) {
        try {
            return replays.send(
                            letter,
                            newId,
                            Caller.named(
                                    action.order().createdBy(), action.order().queues()))
                    .handle((receipt, error) -> {
                        if (error == null) {
                            return ActionItem.done(name, newId, now());
                        }
                        if (error.getCause() instanceof RecordTooLargeException) {
                            return ActionItem.failed(name, "is larger than the broker takes", now());
                        }
                        if (error.getCause() instanceof ApiException refused
                                && !(refused instanceof RetriableException)) {
                            return ActionItem.failed(name, "is refused by the broker: " + refused.getMessage(), now());
                        }
                        throw new IllegalStateException(error);
                    });
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(ActionItem.refused(name, String.valueOf(e.getMessage()), now()));
        } catch (InvalidTaskException e) {
            return CompletableFuture.completedFuture(ActionItem.failed(name, String.valueOf(e.getMessage()), now()));
        }
    }

    @Override
    public Object shown(ConsumerRecord<byte[], byte[]> letter) {
        return view.entry(letter);
    }

    private static String name(ConsumerRecord<byte[], byte[]> letter) {
        return letter.partition() + "/" + letter.offset();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
