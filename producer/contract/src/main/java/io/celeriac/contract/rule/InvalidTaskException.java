package io.celeriac.contract.rule;

/** A task that breaks the contract. Sending it again does not help: the field named by {@link #field()} has to change. */
public final class InvalidTaskException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    /**
     * @param field path of the offending field, such as {@code onSuccess[0].task}; empty when the whole value is at fault
     * @param rule what the field must be; the text follows the field's name. Both may quote text of a record that cannot be
     *     written, so they are repaired
     */
    public InvalidTaskException(String field, String rule) {
        super(WireText.repaired(field.isEmpty() ? rule : field + " " + rule));
        this.field = WireText.repaired(field);
        this.rule = WireText.repaired(rule);
    }

    public InvalidTaskException within(String path) {
        if (path.isEmpty()) {
            return this;
        }
        return new InvalidTaskException(
                field.isEmpty() ? path : field.startsWith("[") ? path + field : path + "." + field, rule);
    }

    /** Path of the offending field; empty when the whole value is at fault. */
    public String field() {
        return field;
    }

    /** The fault, without a quotation from the record, which may hold a secret. */
    public String withoutValues() {
        return (field.isEmpty() ? "is not what it should be" : field + " breaks a rule")
                + "; no more is told, as the record may hold a secret";
    }

    /** The rule that the field breaks. */
    public String rule() {
        return rule;
    }
}
