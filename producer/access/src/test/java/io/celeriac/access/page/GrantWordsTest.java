package io.celeriac.access.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.PageData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class GrantWordsTest {

    private final PageData data = new PageData(JsonMapper.shared());

    @Test
    void namesTheAuthoritiesBesideTheRoleInTheOrderOfTheList() {
        var user = data.object(
                Caller.OPEN,
                Map.of(
                        "role",
                        "viewer",
                        "authorities",
                        List.of("audit:read", "task:payload", "task:read", "schedule:read", "metrics:read")));

        assertThat(GrantWords.in(user).get("extra")).isEqualTo(List.of("task:payload", "audit:read"));
    }

    @Test
    void namesAllAuthoritiesOfATokenWithoutARole() {
        var token = data.object(
                Caller.OPEN,
                Map.of("authorities", List.of("task:submit", "task:read"), "queues", List.of("sms", "mail")));

        assertThat(GrantWords.in(token).get("extra")).isEqualTo(List.of("task:read", "task:submit"));
        assertThat(token.get("queues")).isEqualTo(List.of("mail", "sms"));
    }

    @Test
    void saysWhatARoleIncludes() {
        assertThat(GrantWords.roles())
                .extracting(GrantWords.Choice::word)
                .containsExactly("viewer", "operator", "admin");
        assertThat(GrantWords.roles().get(0).authorities()).isEqualTo("metrics:read schedule:read task:read");
    }
}
