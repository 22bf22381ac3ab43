package io.celeriac.access.rule;

/** Marks a request whose sign-in was refused, for the page that it is shown. */
public final class RefusedSignIn {

    /** The attribute of the request with the status of the refusal, an {@link Integer}. */
    public static final String ATTRIBUTE = "io.celeriac.access.refused-sign-in";

    private RefusedSignIn() {}
}
