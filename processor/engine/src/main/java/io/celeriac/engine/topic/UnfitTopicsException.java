package io.celeriac.engine.topic;

/** The topics of a queue do not fit together, and a person has to decide. The message tells the cause and the remedy. */
public final class UnfitTopicsException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnfitTopicsException(String message) {
        super(message);
    }

    /** Whether this exception caused the failure of a stream thread. */
    public static boolean isCauseOf(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnfitTopicsException) {
                return true;
            }
        }
        return false;
    }
}
