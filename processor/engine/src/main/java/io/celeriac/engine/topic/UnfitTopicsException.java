package io.celeriac.engine.topic;

/** The topics of a queue do not go together, and only a person can say what to do. The message says how it came and what helps. */
public final class UnfitTopicsException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnfitTopicsException(String message) {
        super(message);
    }

    /** Whether a stream thread failed of this. */
    public static boolean isCauseOf(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnfitTopicsException) {
                return true;
            }
        }
        return false;
    }
}
