package io.celeriac.resultsweb.deadletter;

import io.celeriac.results.action.RerunRepository;
import io.celeriac.results.action.RerunRepository.Claim;
import io.celeriac.results.replay.DeadLetterPlace;
import io.celeriac.results.replay.DeadLetterReplay;
import io.celeriac.results.replay.NotedReplay;
import io.celeriac.results.replay.ReplayRepository;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Notes replays, and adds them to the dead letters that are shown. */
final class ReplayNotes {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayNotes.class);

    private final ReplayRepository replays;
    private final RerunRepository reruns;

    ReplayNotes(ReplayRepository replays, RerunRepository reruns) {
        this.replays = replays;
        this.reruns = reruns;
    }

    /**
     * Notes a replay of an action, before it is sent: a note without a task tells that the task may have been sent, while a task without a note
     * would be sent again.
     *
     * @throws DataAccessException when the database is unavailable
     */
    void add(ConsumerRecord<byte[], byte[]> letter, DeadLetterReplay replay) {
        replays.add(place(letter), replay, null);
    }

    /**
     * Notes a replay that a request asks for, unless one is noted for the same task.
     *
     * @return what is noted for the task now
     * @throws DataAccessException when the database is unavailable
     */
    NotedReplay addFirst(ConsumerRecord<byte[], byte[]> letter, DeadLetterReplay replay, @Nullable String digest) {
        return replays.addFirst(place(letter), replay, digest);
    }

    /** The request that has made a task of this id; empty if none is noted. */
    Optional<NotedReplay> ofTask(String taskId) {
        return replays.ofTask(taskId);
    }

    /**
     * Claims the new tasks of an action's dead letters. A task can have two dead letters, and two actions can find one.
     *
     * @param newIds by the names of the dead letters
     */
    Map<String, Claim> claim(String action, Map<String, String> newIds) {
        return reruns.claim(action, newIds);
    }

    /** The tasks that repeat these tasks, by the ids of these; a task that was retried singly has one, too. */
    Map<String, Set<String>> reruns(Collection<String> tasks) {
        return reruns.of(tasks);
    }

    /**
     * The replays of each of these dead letters.
     *
     * @throws DataAccessException when the database is unavailable
     */
    Function<ConsumerRecord<byte[], byte[]>, List<DeadLetterReplay>> of(
            Collection<ConsumerRecord<byte[], byte[]>> letters) {
        var found = replays.of(letters.stream().map(ReplayNotes::place).toList());
        return letter -> found.getOrDefault(place(letter), List.of());
    }

    /** The entries with their replays; without them while the database is unavailable. */
    List<DeadLetterEntry> added(List<ConsumerRecord<byte[], byte[]>> letters, DeadLetterView view) {
        try {
            var found = of(letters);
            return letters.stream()
                    .map(letter -> view.entry(letter).with(found.apply(letter)))
                    .toList();
        } catch (DataAccessException e) {
            LOG.warn("the replays of dead letters are not shown: {}", e.getMessage());
            return letters.stream().map(view::entry).toList();
        }
    }

    static DeadLetterPlace place(ConsumerRecord<byte[], byte[]> letter) {
        return new DeadLetterPlace(letter.partition(), letter.offset(), letter.timestamp());
    }
}
