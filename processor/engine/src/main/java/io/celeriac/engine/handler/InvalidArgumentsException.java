package io.celeriac.engine.handler;

/** The arguments of a task do not fit its handler. Another attempt does not help. */
public final class InvalidArgumentsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String rule;

    public InvalidArgumentsException(String message) {
        this(message, message);
    }

    /**
     * @param rule the message without any values
     */
    public InvalidArgumentsException(String message, String rule) {
        super(message);
        this.rule = rule;
    }

    /** This exception with a message that quotes no value. */
    public InvalidArgumentsException withoutValues() {
        var other = new InvalidArgumentsException(rule);
        other.setStackTrace(getStackTrace());
        return other;
    }
}
