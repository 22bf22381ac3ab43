package io.celeriac.resultsweb.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.results.action.ActionKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionRequestTest {

    @Test
    void readsEveryField() {
        assertThat(
                        read(
                                "{\"do\":\"revoke\",\"q\":\"a\",\"rate\":0.5,\"dryRun\":true,\"terminate\":true,\"name\":\"n\"}"))
                .isEqualTo(new ActionRequest(ActionKind.REVOKE, "a", 0.5, true, true, "n"));
        assertThat(read("{\"do\":\"retry\",\"q\":\"a\",\"rate\":null}"))
                .isEqualTo(new ActionRequest(ActionKind.RETRY, "a", null, false, false, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | do",
                "{\"do\":\"delete\",\"q\":\"a\"} | do",
                "{\"do\":7,\"q\":\"a\"} | do",
                "{\"do\":\"retry\"} | q",
                "{\"do\":\"retry\",\"q\":7} | q",
                "{\"do\":\"retry\",\"q\":\"a\",\"rate\":0} | rate",
                "{\"do\":\"retry\",\"q\":\"a\",\"rate\":-1} | rate",
                "{\"do\":\"retry\",\"q\":\"a\",\"rate\":10001} | rate",
                "{\"do\":\"retry\",\"q\":\"a\",\"rate\":\"10/s\"} | rate",
                "{\"do\":\"retry\",\"q\":\"a\",\"terminate\":true} | terminate",
                "{\"do\":\"retry\",\"q\":\"a\",\"dryRun\":1} | dryRun",
                "{\"do\":\"retry\",\"q\":\"a\",\"when\":1} | when",
            })
    void namesTheFieldThatBreaksARule(String body, String field) {
        assertThatThrownBy(() -> read(body)).hasMessageStartingWith(field + " ");
    }

    private static ActionRequest read(String body) {
        return ActionRequest.read(body.getBytes(UTF_8), null);
    }
}
