package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadMaskTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"a\",\"args\":[1],\"kwargs\":{\"b\":2}}"
                        + "|{\"id\":\"a\",\"withheld\":\"args, kwargs: reading this needs task:payload\"}",
                "{\"items\":[{\"result\":7}]}"
                        + "|{\"items\":[{\"withheld\":\"result: reading this needs task:payload\"}]}",
                "{\"error\":{\"type\":\"Boom\",\"message\":\"m\",\"stackTrace\":\"s\"}}"
                        + "|{\"error\":{\"type\":\"Boom\",\"withheld\":\"message, stackTrace: reading this needs task:payload\"}}",
                "{\"progress\":{\"done\":1,\"message\":\"m\",\"data\":{}}}"
                        + "|{\"progress\":{\"done\":1,\"withheld\":\"message, data: reading this needs task:payload\"}}",
                "{\"partition\":0,\"offset\":1,\"at\":\"t\",\"reason\":\"failed\",\"value\":\"v\",\"headers\":[]}"
                        + "|{\"partition\":0,\"offset\":1,\"at\":\"t\",\"reason\":\"failed\",\"withheld\":\"value, headers: reading this needs task:payload\"}",
                "{\"result\":null,\"message\":\"m\",\"key\":\"k\"}|{\"message\":\"m\",\"key\":\"k\"}"
            })
    void takesOutPayloadsAndSaysSo(String whole, String masked) {
        assertThat(PayloadMask.mask(TaskJson.MAPPER.readTree(whole))).isEqualTo(TaskJson.MAPPER.readTree(masked));
    }
}
