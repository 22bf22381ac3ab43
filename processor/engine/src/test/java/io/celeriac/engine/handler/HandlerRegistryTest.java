package io.celeriac.engine.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.control.RateLimit;
import io.celeriac.engine.Retry;
import io.celeriac.engine.TaskHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerRegistryTest {

    @SuppressWarnings("unused") // found by reflection
    private static final class Handlers {

        @TaskHandler("plain")
        void plain() {}

        @TaskHandler(
                value = "ruled",
                retry = @Retry(maxAttempts = 2),
                timeLimit = "PT30S",
                hardTimeLimit = "PT40S",
                concurrency = 3,
                rateLimit = "10/s")
        void ruled() {}

        @TaskHandler(value = "hard", hardTimeLimit = "PT40S")
        void hard() {}

        @TaskHandler(value = "early", timeLimit = "PT30S", hardTimeLimit = "PT20S")
        void early() {}
    }

    @Test
    void takesOverTheRulesOfAMethod() throws Exception {
        var handler = handler("ruled");

        assertThat(handler.name()).isEqualTo("ruled");
        assertThat(handler.retry().maxAttempts()).isEqualTo(2);
        assertThat(handler.timeLimit()).isEqualTo(Duration.ofSeconds(30));
        assertThat(handler.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(handler.limits()).isEqualTo(new HandlerLimits(3, RateLimit.parse("10/s")));
    }

    @Test
    void hasNoLimitsWhereTheMethodNamesNone() throws Exception {
        var handler = handler("plain");

        assertThat(handler.timeLimit()).isNull();
        assertThat(handler.grace()).isNull();
        assertThat(handler.limits().areNone()).isTrue();
    }

    @Test
    void refusesAHardLimitBeforeOrWithoutTheSoftOne() {
        for (var name : List.of("hard", "early")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> handler(name))
                    .withMessageStartingWith("hardTimeLimit of " + name);
        }
    }

    @Test
    void letsAnInstallationChangeOneLimitAndKeepTheOther() throws Exception {
        var changed = new HandlerRegistry(List.of(handler("ruled")))
                .limited(Map.of("ruled", new HandlerLimits(1, null)))
                .find("ruled")
                .orElseThrow();

        assertThat(changed.limits()).isEqualTo(new HandlerLimits(1, RateLimit.parse("10/s")));
        assertThat(changed.grace()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void refusesLimitsOfAHandlerThatItDoesNotHave() throws Exception {
        var registry = new HandlerRegistry(List.of(handler("plain")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.limited(Map.of("plane", new HandlerLimits(1, null))))
                .withMessageContaining("\"plane\"")
                .withMessageContaining("[plain]");
    }

    @Test
    void refusesTwoHandlersOfOneName() throws Exception {
        var twice = List.of(handler("plain"), handler("plain"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HandlerRegistry(twice))
                .withMessageContaining("\"plain\"");
    }

    private static Handler handler(String method) throws NoSuchMethodException {
        var marked = Handlers.class.getDeclaredMethod(method);
        return HandlerRegistry.handler(new Handlers(), marked, marked.getAnnotation(TaskHandler.class));
    }
}
