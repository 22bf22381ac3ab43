package io.celeriac.engine.outcome;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.task.AcceptedTask;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Removes the secrets of a task: those of its handler, of the installation's rules, and of its record. Without a handler, this
 * worker does not know which arguments are secret, so it publishes none of them.
 *
 * @param handlers of this worker, with the rules
 */
public record TaskRedaction(HandlerRegistry handlers) {

    Redaction of(AcceptedTask task) {
        var redaction = handlers.redaction(task.task().task());
        return DeadLetter.isSecret(task.origin().headers()) ? redaction.and(Redaction.ARGUMENTS) : redaction;
    }

    TaskResult redact(AcceptedTask task, TaskResult whole) {
        var redacted = of(task).redact(whole);
        return handlers.find(whole.task()).isPresent() ? redacted : redacted.withoutArguments();
    }

    /** The redaction of a task's errors. */
    public ErrorRedaction disclosure(AcceptedTask task) {
        var redaction = of(task);
        return new ErrorRedaction(redaction, redaction.secrets(task.task()));
    }

    /** Whether a record may hold a secret argument; its value need not be a task. */
    boolean concerns(byte @Nullable [] value, Headers headers) {
        if (value == null || DeadLetter.isSecret(headers)) {
            return value != null;
        }
        return TaskJson.nameIn(value).map(this::concerns).orElseGet(handlers::haveSecrets);
    }

    private boolean concerns(String name) {
        return handlers.find(name)
                .map(Handler::redaction)
                .map(Redaction::hasSecretArguments)
                .orElse(true);
    }
}
