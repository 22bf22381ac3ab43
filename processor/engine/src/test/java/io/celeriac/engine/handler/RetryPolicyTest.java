package io.celeriac.engine.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.Retry;
import io.celeriac.engine.TaskHandler;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    @SuppressWarnings("unused") // found by reflection
    private static final class Handlers {

        @TaskHandler("plain")
        void plain() {}

        @TaskHandler(value = "once", retry = @Retry(maxAttempts = 1))
        void once() {}

        @TaskHandler(value = "celery", retry = @Retry)
        void celery() {}

        @TaskHandler(
                value = "own",
                retry =
                        @Retry(
                                maxAttempts = 3,
                                backoff = Backoff.Kind.LINEAR,
                                delay = "PT2S",
                                maxDelay = "PT3S",
                                jitter = false,
                                on = IOException.class,
                                giveUpOn = FileNotFoundException.class))
        void own() {}
    }

    private final Random random = new Random(7);

    @Test
    void takesOverWhatTheAnnotationSays() throws Exception {
        var policy = declared("own");

        assertThat(policy.backoff())
                .isEqualTo(new Backoff(Backoff.Kind.LINEAR, Duration.ofSeconds(2), Duration.ofSeconds(3), false));
        assertThat(policy.after(1, new IOException(), random)).contains(Duration.ofSeconds(2));
        assertThat(policy.after(2, new IOException(), random)).contains(Duration.ofSeconds(3));
        assertThat(policy.after(3, new IOException(), random)).isEmpty();
    }

    @Test
    void retriesOnlyWhatItNamesAndNeverWhatItGivesUpOn() throws Exception {
        var policy = declared("own");

        assertThat(policy.after(1, new java.io.EOFException(), random)).isPresent();
        assertThat(policy.after(1, new IllegalStateException(), random)).isEmpty();
        assertThat(policy.after(1, new FileNotFoundException(), random)).isEmpty();
    }

    @Test
    void hasCelerysDefaults() throws Exception {
        var policy = declared("celery");

        assertThat(policy.maxAttempts()).isEqualTo(4);
        assertThat(policy.after(3, new Exception(), random)).isPresent();
        assertThat(policy.after(4, new Exception(), random)).isEmpty();
        assertThat(policy.after(1, new StackOverflowError(), random)).isEmpty();
    }

    @Test
    void givesThreeRetriesToAHandlerThatAsksAndHasDeclaredNone() throws Exception {
        var policy = declared("plain");

        assertThat(policy.after(1, new Exception(), random)).isEmpty();
        assertThat(policy.afterAsking(3, random)).isPresent();
        assertThat(policy.afterAsking(4, random)).isEmpty();
    }

    @Test
    void givesNoMoreThanTheOneAttemptThatSomebodyHasDeclared() throws Exception {
        var byTask = Task.named("plain").maxAttempts(1).build();

        assertThat(declared("once").afterAsking(1, random)).isEmpty();
        assertThat(declared("plain").overriddenBy(byTask).afterAsking(1, random))
                .isEmpty();
    }

    @Test
    void letsATaskChangeTheDelayAlone() throws Exception {
        var fixed = new Backoff(Backoff.Kind.FIXED, Duration.ofSeconds(7), Duration.ofSeconds(7), false);
        var policy =
                declared("own").overriddenBy(Task.named("own").backoff(fixed).build());

        assertThat(policy.after(2, new IOException(), random)).isEqualTo(Optional.of(Duration.ofSeconds(7)));
        assertThat(policy.after(3, new IOException(), random)).isEmpty();
    }

    @Test
    void refusesNoAttemptsAtAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(-1, Backoff.DEFAULT, List.of(), List.of()))
                .withMessageContaining("-1");
    }

    private static RetryPolicy declared(String method) throws NoSuchMethodException {
        return RetryPolicy.of(Handlers.class
                .getDeclaredMethod(method)
                .getAnnotation(TaskHandler.class)
                .retry());
    }
}
