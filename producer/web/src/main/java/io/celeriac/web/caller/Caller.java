package io.celeriac.web.caller;

import io.celeriac.contract.rule.WireText;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * The name of who sends a request, as it is stored with a change.
 *
 * @param name at most {@value #MOST} characters
 */
public record Caller(String name) {

    /** The name of a caller who has not signed in. */
    public static final String ANONYMOUS = "anonymous";

    private static final int MOST = 255;

    public Caller {
        name = WireText.beginning(WireText.repaired(name), MOST);
    }

    /**
     * The caller of a request.
     *
     * @param principal of the request; null if nobody has signed in
     */
    public static Caller of(@Nullable Principal principal) {
        var name = principal == null ? null : principal.getName();
        return new Caller(name == null || name.isBlank() ? ANONYMOUS : name);
    }
}
