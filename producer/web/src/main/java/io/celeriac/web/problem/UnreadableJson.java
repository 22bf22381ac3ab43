package io.celeriac.web.problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/** Finds the field of a body that cannot be read. */
final class UnreadableJson {

    private UnreadableJson() {}

    /**
     * The path of the field that does not fit.
     *
     * @return empty when the body as a whole cannot be read
     */
    static String field(JacksonException e) {
        if (!(e instanceof DatabindException)) {
            return "";
        }
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
