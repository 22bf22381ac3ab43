package io.celeriac.gateway;

import io.celeriac.gateway.problem.ProblemException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameter {@code label} of a question, the same for lists and events. */
public final class LabelParameter {

    private LabelParameter() {}

    /**
     * Labels by their names.
     *
     * @param texts each {@code name:value}, where the value may have colons; null for none
     * @throws ProblemException for one that is not
     */
    public static Map<String, String> labels(@Nullable Collection<String> texts) {
        var labels = new LinkedHashMap<String, String>();
        for (var text : texts == null ? List.<String>of() : texts) {
            var colon = text.indexOf(':');
            if (colon < 1) {
                throw ProblemException.invalid("label", "must be a name and a value such as tenant:acme");
            }
            labels.put(text.substring(0, colon), text.substring(colon + 1));
        }
        return labels;
    }
}
