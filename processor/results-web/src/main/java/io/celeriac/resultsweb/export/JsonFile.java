package io.celeriac.resultsweb.export;

import java.io.Writer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tasks as a JSON object: {@code items}, then {@code complete}, and {@code why} when it is false. A file without its end was broken off.
 */
final class JsonFile implements TaskFile {

    private final JsonGenerator generator;

    JsonFile(JsonMapper json, Writer out) {
        generator = json.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).createGenerator(out);
    }

    @Override
    public void begin() {
        generator.writeStartObject();
        generator.writeName("items");
        generator.writeStartArray();
    }

    @Override
    public void add(JsonNode task) {
        generator.writeTree(task);
    }

    @Override
    public void end(@Nullable String why) {
        generator.writeEndArray();
        generator.writeName("complete");
        generator.writeBoolean(why == null);
        if (why != null) {
            generator.writeName("why");
            generator.writeString(why);
        }
        generator.writeEndObject();
        generator.flush();
    }
}
