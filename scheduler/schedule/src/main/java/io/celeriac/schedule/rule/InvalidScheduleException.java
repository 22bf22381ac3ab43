package io.celeriac.schedule.rule;

/** A schedule that breaks a rule. Trying again does not help: the field named by {@link #field()} has to change. */
public final class InvalidScheduleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    /**
     * @param field name of the offending field as REST has it, such as {@code every}
     * @param rule what the field must be, to be read after its name
     */
    public InvalidScheduleException(String field, String rule) {
        super(field + " " + rule);
        this.field = field;
        this.rule = rule;
    }

    /** Name of the offending field. */
    public String field() {
        return field;
    }

    /** What the field must be. */
    public String rule() {
        return rule;
    }
}
