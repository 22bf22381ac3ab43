package io.celeriac.contract.json;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;

/**
 * Writes the fields of one JSON object by hand, as data binding would: a field that is null or empty is left out. Data binding reads
 * each field by reflection, which takes longer.
 */
public final class WireFields {

    private final JsonGenerator out;
    private final SerializationContext context;

    /** The object must be begun and ended by the caller. */
    public WireFields(JsonGenerator out, SerializationContext context) {
        this.out = out;
        this.context = context;
    }

    public void string(String name, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(name, value);
        }
    }

    public void number(String name, @Nullable Integer value) {
        if (value != null) {
            out.writeNumberProperty(name, value);
        }
    }

    public void number(String name, @Nullable Long value) {
        if (value != null) {
            out.writeNumberProperty(name, value);
        }
    }

    /** Writes a flag; one that is false is left out. */
    public void flag(String name, boolean value) {
        if (value) {
            out.writeBooleanProperty(name, true);
        }
    }

    public void instant(String name, @Nullable Instant value) {
        if (value != null) {
            out.writeStringProperty(name, WireInstant.format(value));
        }
    }

    /** Writes any value that the mapper can write. */
    public void value(String name, @Nullable Object value) {
        if (value != null) {
            out.writeName(name);
            write(value);
        }
    }

    /** A JSON value writes itself; to look for its writer takes longer. */
    private void write(Object value) {
        if (value instanceof JacksonSerializable json) {
            json.serialize(out, context);
        } else {
            context.writeValue(out, value);
        }
    }

    public void strings(String name, Collection<String> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartArray();
            values.forEach(out::writeString);
            out.writeEndArray();
        }
    }

    public void strings(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartObject();
            values.forEach(out::writeStringProperty);
            out.writeEndObject();
        }
    }

    public void values(String name, Collection<?> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartArray();
            values.forEach(this::write);
            out.writeEndArray();
        }
    }

    public void values(String name, Map<String, ?> values) {
        if (!values.isEmpty()) {
            out.writeName(name);
            out.writeStartObject();
            values.forEach(this::value);
            out.writeEndObject();
        }
    }
}
