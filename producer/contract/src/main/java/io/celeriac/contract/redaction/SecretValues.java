package io.celeriac.contract.redaction;

import io.celeriac.contract.result.TaskError;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The secret values of one task, which can be removed from a text that may quote them. It finds texts and numbers, also those inside
 * arrays and objects, as they are and as JSON escapes them. Values of less than {@value #SHORTEST} characters are left alone: they cannot
 * be told from other words. Immutable.
 */
public final class SecretValues {

    /** No secret values. */
    public static final SecretValues NONE = new SecretValues(List.of());

    static final int SHORTEST = 4;

    /** With more values than this a text is not searched, but withheld. */
    private static final int MOST = 1_000;

    /** Nobody writes a plain number with more zeros, which could fill the memory. */
    private static final int MOST_ZEROS = 100;

    private final List<String> texts;

    private SecretValues(Collection<String> texts) {
        this.texts = List.copyOf(texts);
    }

    static SecretValues in(Collection<JsonNode> values) {
        Set<String> texts = new HashSet<>();
        values.forEach(value -> collect(value, texts));
        texts.removeIf(text -> text.length() < SHORTEST);
        return texts.isEmpty() ? NONE : new SecretValues(texts);
    }

    private static void collect(JsonNode value, Set<String> texts) {
        if (value.isContainer()) {
            value.values().forEach(inside -> collect(inside, texts));
        } else if (value.isString()) {
            var json = value.toString();
            texts.add(value.stringValue());
            texts.add(json.substring(1, json.length() - 1));
        } else if (value.isNumber()) {
            texts.add(value.asString());
            if (isFinite(value)) {
                collect(value.decimalValue(), texts);
            }
        }
    }

    private static boolean isFinite(JsonNode number) {
        return !(number.isDouble() || number.isFloat()) || Double.isFinite(number.doubleValue());
    }

    private static void collect(BigDecimal number, Set<String> texts) {
        texts.add(Double.toString(number.doubleValue()));
        if (Math.abs(number.scale()) <= MOST_ZEROS) {
            texts.add(number.toPlainString());
        }
    }

    /** The text with {@value Redaction#MARK} for each secret in it. */
    public @Nullable String scrub(@Nullable String text) {
        if (text == null || texts.isEmpty()) {
            return text;
        }
        if (texts.size() > MOST) {
            return Redaction.MARK;
        }
        var secret = new BitSet(text.length());
        texts.forEach(one -> mark(one, text, secret));
        return secret.isEmpty() ? text : without(secret, text);
    }

    /** The error with its message and its stack trace {@link #scrub(String) scrubbed}. */
    public TaskError scrub(TaskError error) {
        return texts.isEmpty() ? error : new TaskError(error.type(), scrub(error.message()), scrub(error.stackTrace()));
    }

    /** Marks a value. All values are marked before any is removed, since two may overlap. */
    private static void mark(String one, String text, BitSet secret) {
        for (int at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) {
            secret.set(at, at + one.length());
        }
    }

    private static String without(BitSet secret, String text) {
        var scrubbed = new StringBuilder(text.length());
        var from = 0;
        for (int at = secret.nextSetBit(0); at >= 0; at = secret.nextSetBit(from)) {
            scrubbed.append(text, from, at).append(Redaction.MARK);
            from = secret.nextClearBit(at);
        }
        return scrubbed.append(text, from, text.length()).toString();
    }
}
