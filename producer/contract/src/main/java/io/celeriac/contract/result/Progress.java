package io.celeriac.contract.result;

import io.celeriac.contract.rule.ValueRules;
import io.celeriac.contract.rule.WireText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The progress of a running task, in its own units.
 *
 * @param done finished units, ≥ 0
 * @param total all units; null when not known
 * @param message for people; null for none. Repaired if it is not well-formed Unicode
 * @param data anything the handler adds; null for none
 */
public record Progress(
        long done,
        @Nullable Long total,
        @Nullable String message,
        @Nullable JsonNode data) {

    public Progress {
        message = message == null ? null : WireText.repaired(message);
        if (data != null) {
            ValueRules.check("data", data);
        }
    }
}
