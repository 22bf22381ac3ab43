package io.celeriac.access.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessDescriptionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/tasks/{id} | Needs `task:read`.",
                "/api/queues/{queue} | Needs `task:read` for the queue.",
                "/api/handlers/{task}/limits | Needs `task:read` for all queues.",
                "/api/me | Needs credentials, of whatever authority.",
                "/api/me/sessions | Needs a session: it is for people, not for programs."
            })
    void saysWhatAReaderNeeds(String path, String sentence) {
        var operation = described(path, new Operation().description("Reads."), PathItem.HttpMethod.GET);

        assertThat(operation.getDescription()).isEqualTo("Reads.\n\n" + sentence);
    }

    @Test
    void takesATokenOrASessionWithItsHeader() {
        var change = described("/api/tasks", new Operation(), PathItem.HttpMethod.POST);
        var look = described("/api/tasks", new Operation(), PathItem.HttpMethod.GET);

        assertThat(change.getSecurity())
                .extracting(each -> List.copyOf(each.keySet()))
                .containsExactly(List.of("token"), List.of("session", "csrf"));
        assertThat(look.getSecurity())
                .extracting(each -> List.copyOf(each.keySet()))
                .containsExactly(List.of("token"), List.of("session"));
    }

    @Test
    void takesNoTokenWhereAPersonIsNeeded() {
        var operation = described("/api/me/sessions", new Operation(), PathItem.HttpMethod.DELETE);

        assertThat(operation.getSecurity())
                .extracting(each -> List.copyOf(each.keySet()))
                .containsExactly(List.of("session", "csrf"));
    }

    @Test
    void asksNobodyWhereNothingIsNeeded() {
        var operation = described("/api/session", new Operation(), PathItem.HttpMethod.GET);

        assertThat(operation.getSecurity()).isEmpty();
        assertThat(operation.getResponses()).containsOnlyKeys("401");
    }

    @Test
    void leavesAnswersThatAnOperationTellsOfItself() {
        var own = new ApiResponse().description("its own");
        var operation = described(
                "/api/tasks",
                new Operation().responses(new ApiResponses().addApiResponse("403", own)),
                PathItem.HttpMethod.POST);

        assertThat(operation.getResponses().get("403")).isSameAs(own);
        assertThat(operation.getResponses().get("401").getContent()).containsKey("application/problem+json");
    }

    @Test
    void refusesAnOperationWithoutARow() {
        assertThatThrownBy(() -> described("/api/not-there", new Operation(), PathItem.HttpMethod.GET))
                .hasMessageContaining("GET /api/not-there");
    }

    private static Operation described(String path, Operation operation, PathItem.HttpMethod method) {
        var item = new PathItem();
        item.operation(method, operation);
        new AccessDescription().customise(new OpenAPI().paths(new Paths().addPathItem(path, item)));
        return operation;
    }
}
