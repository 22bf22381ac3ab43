package io.celeriac.web.page;

import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.PayloadMask;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the answers of REST calls into values for templates: with the same members, and for a caller without {@code task:payload}
 * masked in the same way.
 */
public final class PageData {

    private final JsonMapper json;

    public PageData(JsonMapper json) {
        this.json = json;
    }

    /** An answer that is an object. */
    public Fields object(Caller caller, Object answer) {
        return Fields.of(tree(caller, answer));
    }

    /** An answer that is a list of objects. */
    public List<Fields> list(Caller caller, Collection<?> answer) {
        return tree(caller, answer).valueStream().map(Fields::of).toList();
    }

    private JsonNode tree(Caller caller, Object answer) {
        JsonNode tree = json.valueToTree(answer);
        if (caller.may(Authority.TASK_PAYLOAD)) {
            return tree;
        }
        // A controller may share its tree with others.
        return PayloadMask.mask(answer instanceof JsonNode ? tree.deepCopy() : tree);
    }
}
