package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepQueuesTest {

    private static final Caller OF_MAIL =
            new Caller("shop", Caller.Kind.TOKEN, Set.of(Authority.TASK_SUBMIT), Set.of("mail"), null);

    @Test
    void refusesAStepInAnotherQueueAtAnyDepth() {
        var last = new Signature(Task.of("c"), "reports", false);
        var middle = Signature.of(Task.named("b").onFailure(List.of(last)).build());
        var task = Task.named("a").onSuccess(List.of(middle)).build();

        assertThatThrownBy(() -> StepQueues.require(OF_MAIL, Authority.TASK_SUBMIT, "[3].", task))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("[3].onSuccess[0].onFailure[0].queue is reports");
    }

    @Test
    void takesStepsInGrantedQueuesAndWithoutOne() {
        var step = new Signature(Task.of("b"), "mail", false);
        var task = Task.named("a")
                .onSuccess(List.of(step, Signature.of(Task.of("c"))))
                .build();

        assertThatCode(() -> StepQueues.require(OF_MAIL, Authority.TASK_SUBMIT, "", task))
                .doesNotThrowAnyException();
    }
}
