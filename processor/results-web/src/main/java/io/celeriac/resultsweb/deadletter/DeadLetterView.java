package io.celeriac.resultsweb.deadletter;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.rule.InvalidTaskException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns dead letters into entries. It withholds the key and value of a record that may hold a secret. The program that set the record
 * aside marks that by a header; the rules of this gateway cover records that are older than the rules.
 */
final class DeadLetterView {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterView.class);
    private static final String NOT_TOLD = "not told, as it may quote a secret";

    private final RedactionRules rules;

    DeadLetterView(RedactionRules rules) {
        this.rules = rules;
    }

    /** Turns a record into an entry, even if it cannot be shown: it must not hide the others. */
    DeadLetterEntry entry(ConsumerRecord<byte[], byte[]> record) {
        try {
            return shown(record);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("the dead letter {}/{} cannot be shown", record.partition(), record.offset(), e);
            return DeadLetterEntry.withheld(record, null, "cannot be shown; the gateway's log says why");
        }
    }

    private DeadLetterEntry shown(ConsumerRecord<byte[], byte[]> record) {
        var letter = DeadLetter.from(record.headers());
        var message = letter == null ? null : letter.message();
        if (rules.concern(record.value())) {
            return DeadLetterEntry.withheld(record, letter, scrubbed(message, record.value()));
        }
        return DeadLetter.isSecret(record.headers())
                ? DeadLetterEntry.withheld(record, letter, message)
                : DeadLetterEntry.whole(record, letter, message);
    }

    /** Removes secrets from the message. They are known only if the record can be read; otherwise the message is withheld. */
    private @Nullable String scrubbed(@Nullable String message, byte[] value) {
        try {
            var task = TaskJson.task(value);
            return rules.of(task.task()).secrets(task).scrub(message);
        } catch (InvalidTaskException e) {
            return message == null ? null : NOT_TOLD;
        }
    }
}
