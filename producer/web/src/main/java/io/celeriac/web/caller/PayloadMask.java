package io.celeriac.web.caller;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes out of an answer what only {@code task:payload} may read. An object that lost something says so in {@code withheld}.
 *
 * <p>It goes by the names of members, at any depth, so that a new call cannot forget it.
 */
public final class PayloadMask {

    /** The member that says what is not shown. */
    public static final String WITHHELD = "withheld";

    private static final Set<String> ALWAYS = Set.of("args", "kwargs", "result", "stackTrace");
    private static final Set<String> OF_AN_ERROR = Set.of("message");
    private static final Set<String> OF_PROGRESS = Set.of("message", "data");
    private static final Set<String> OF_A_RECORD =
            Set.of("message", "key", "keyBase64", "value", "valueBase64", "headers");

    private PayloadMask() {}

    /**
     * Masks a tree in place.
     *
     * @return the same tree
     */
    public static JsonNode mask(JsonNode json) {
        mask(json, "");
        return json;
    }

    private static void mask(JsonNode json, String name) {
        if (json instanceof ObjectNode object) {
            maskObject(object, name);
        } else if (json instanceof ArrayNode array) {
            array.forEach(item -> mask(item, name));
        }
    }

    private static void maskObject(ObjectNode object, String name) {
        var lost = new ArrayList<String>();
        for (var member : List.copyOf(object.propertyNames())) {
            if (isPayload(member, name, object)) {
                if (!object.remove(member).isNull()) {
                    lost.add(member);
                }
            } else {
                mask(object.get(member), member);
            }
        }
        if (!lost.isEmpty()) {
            object.put(WITHHELD, String.join(", ", lost) + ": reading this needs " + Authority.TASK_PAYLOAD);
        }
    }

    private static boolean isPayload(String member, String of, ObjectNode object) {
        return ALWAYS.contains(member)
                || (of.equals("error") && OF_AN_ERROR.contains(member))
                || (of.equals("progress") && OF_PROGRESS.contains(member))
                || (isRecord(object) && OF_A_RECORD.contains(member));
    }

    /** A dead letter: bytes from anywhere, which may be a task. */
    private static boolean isRecord(ObjectNode object) {
        return object.has("partition") && object.has("offset") && object.has("at");
    }
}
