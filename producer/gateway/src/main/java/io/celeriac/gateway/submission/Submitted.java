package io.celeriac.gateway.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.client.Receipt;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The answer to a submission: a {@link Receipt}, and what keeps the task from running soon.
 *
 * @param id the task's id
 * @param queue the queue it is in
 * @param partition of its record
 * @param offset of its record
 * @param warnings each a code and a sentence for people, such as {@code no-handler: no live worker of queue mail has a handler for
 *     mail.send}; absent when nothing is known against it
 */
record Submitted(
        String id,
        String queue,
        int partition,
        long offset,

        @Schema(example = "[\"no-handler: no live worker of queue default has a handler for demo.add\"]")
        @JsonInclude(Include.NON_EMPTY)
        List<String> warnings) {

    static Submitted of(Receipt receipt, List<String> warnings) {
        return new Submitted(receipt.id(), receipt.queue(), receipt.partition(), receipt.offset(), warnings);
    }
}
