package io.celeriac.access.rule;

/** The name that somebody tries to sign in with, for the audit. */
public final class SignedInName {

    /** The request's attribute. */
    public static final String ATTRIBUTE = SignedInName.class.getName();

    private SignedInName() {}
}
