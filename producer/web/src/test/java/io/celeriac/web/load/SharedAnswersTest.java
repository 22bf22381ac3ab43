package io.celeriac.web.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.load.SharedAnswers.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedAnswersTest {

    private static final Duration SPAN = Duration.ofSeconds(1);
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> looks = new ArrayList<>();

    private String look(String question) {
        looks.add(question);
        return question + " at " + looks.size();
    }

    private SharedAnswers<String, String> answers(Room<String> room) {
        return new SharedAnswers<>(this::look, SPAN, room, now::get, nanos::get);
    }

    @Test
    void looksOnceInASpanForEachQuestion() {
        var answers = answers(Room.forAnswers(10));

        assertThat(answers.answer("a")).isEqualTo("a at 1");
        assertThat(answers.answer("b")).isEqualTo("b at 2");
        now.set(NOON.plusMillis(999));
        assertThat(answers.answer("a")).isEqualTo("a at 1");

        now.set(NOON.plusSeconds(1));
        assertThat(answers.answer("a")).isEqualTo("a at 3");
    }

    /** A span that began with the first question would let an answer live into the next one. */
    @Test
    void beginsASpanAtAWholeMultipleOfItsLength() {
        var answers = answers(Room.forAnswers(10));

        now.set(NOON.plusMillis(900));
        answers.answer("a");
        now.set(NOON.plusMillis(1_100));
        answers.answer("a");

        assertThat(looks).containsExactly("a", "a");
    }

    @Test
    void forgetsAnAnswerEvenIfTheClockIsSetBack() {
        var answers = answers(Room.forAnswers(10));

        answers.answer("a");
        nanos.set(SPAN.toNanos());
        answers.answer("a");

        assertThat(looks).containsExactly("a", "a");
    }

    @Test
    void letsWhoAsksMeanwhileWaitForTheAnswer() {
        var mayEnd = new CountDownLatch(1);
        var answers = new SharedAnswers<String, String>(
                question -> {
                    awaitQuietly(mayEnd);
                    return look(question);
                },
                SPAN,
                Room.forAnswers(10),
                now::get,
                nanos::get);
        var readers = IntStream.range(0, 5)
                .mapToObj(reader -> CompletableFuture.supplyAsync(
                        () -> answers.answer("a"), task -> new Thread(task, "reader-" + reader).start()))
                .toList();

        mayEnd.countDown();

        readers.forEach(reader -> assertThat(reader.join()).isEqualTo("a at 1"));
        assertThat(looks).containsExactly("a");
    }

    @Test
    void tellsAFailureAndAsksAnew() {
        var failures = new ArrayList<String>();
        var answers = new SharedAnswers<String, String>(
                question -> {
                    failures.add(question);
                    throw new IllegalStateException("the database is away");
                },
                SPAN,
                Room.forAnswers(10),
                now::get,
                nanos::get);

        assertThatThrownBy(() -> answers.answer("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the database is away");
        assertThatThrownBy(() -> answers.answer("a")).isInstanceOf(IllegalStateException.class);
        assertThat(failures).hasSize(2);
    }

    @Test
    void keepsNoAnswerThatIsLargerThanItsRoom() {
        var answers = answers(new Room<>(10, answer -> 100));

        answers.answer("a");
        answers.answer("a");

        assertThat(looks).containsExactly("a", "a");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
