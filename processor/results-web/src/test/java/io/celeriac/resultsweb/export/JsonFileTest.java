package io.celeriac.resultsweb.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonFileTest {

    private final JsonMapper json = new JsonMapper();
    private final StringWriter out = new StringWriter();

    @Test
    void isAnObjectThatSaysWhetherItHasAll() {
        var file = new JsonFile(json, out);
        file.begin();
        file.add(json.readTree("{\"id\": \"a\"}"));
        file.add(json.readTree("{\"id\": \"b\"}"));
        file.end(null);

        assertThat(out).hasToString("{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"complete\":true}");
    }

    @Test
    void saysWhyItDoesNot() {
        var file = new JsonFile(json, out);
        file.begin();
        file.end("it broke off");

        assertThat(out).hasToString("{\"items\":[],\"complete\":false,\"why\":\"it broke off\"}");
    }
}
