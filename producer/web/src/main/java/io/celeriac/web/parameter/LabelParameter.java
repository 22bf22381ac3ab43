package io.celeriac.web.parameter;

import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** Reads the request parameter {@code label}, the same for lists and events. */
public final class LabelParameter {

    private static final String NAME = "label";

    private LabelParameter() {}

    /** Documents the parameter, for a method that takes all parameters as a map. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            name = NAME,
            in = ParameterIn.QUERY,
            description = "Name and value; repeat it for more",
            example = "tenant:acme",
            array = @ArraySchema(schema = @Schema(type = "string")))
    public @interface Documented {}

    /**
     * Labels by their names. It takes all parameters, since Spring would split a single string at its commas to make a list.
     *
     * @throws ProblemException for a text that is not a label
     */
    public static Map<String, String> of(MultiValueMap<String, String> parameters) {
        return labels(parameters.get(NAME));
    }

    /**
     * Labels by their names.
     *
     * @param texts each {@code name:value}, where the value may have colons; null for none
     * @throws ProblemException for a text that is not a label
     */
    public static Map<String, String> labels(@Nullable Collection<String> texts) {
        var labels = new LinkedHashMap<String, String>();
        for (var text : texts == null ? List.<String>of() : texts) {
            var colon = text.indexOf(':');
            if (colon < 1) {
                throw ProblemException.invalid("label", "must be a name and a value such as tenant:acme");
            }
            var name = text.substring(0, colon);
            if (labels.put(name, text.substring(colon + 1)) != null) {
                throw ProblemException.invalid(
                        "label", "must name " + name + " once, since a task has one value of it");
            }
        }
        return labels;
    }
}
