package io.celeriac.schedule.rule;

/** A schedule that breaks a rule. A retry does not help: the field of {@link #field()} must change. */
public final class InvalidScheduleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_FIELD = 200;
    private static final int LONGEST_RULE = 500;

    private final String field;
    private final String rule;

    /**
     * @param field name of the offending field as REST has it, such as {@code every}
     * @param rule what the field must be, to be read after its name
     */
    public InvalidScheduleException(String field, String rule) {
        this(new Said(shown(field, LONGEST_FIELD), shown(rule, LONGEST_RULE)));
    }

    private InvalidScheduleException(Said said) {
        super(said.field + " " + said.rule);
        field = said.field;
        rule = said.rule;
    }

    private record Said(String field, String rule) {}

    /** Makes a text of a user printable, and short: it may be a megabyte. */
    private static String shown(String text, int most) {
        var said = PlainText.wellFormed(PlainText.clipped(text, most));
        return text.length() > most ? said + '…' : said;
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
