package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.web.problem.ProblemException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PayloadAdviceTest {

    private static final Map<String, Object> BODY = Map.of("args", 7);
    private static final Caller READER =
            new Caller("reader", Caller.Kind.TOKEN, Set.of(Authority.TASK_READ), null, null);

    @Test
    void masksJson() throws NoSuchMethodException {
        assertThat(String.valueOf(answer(READER, BODY, JacksonJsonHttpMessageConverter.class)))
                .contains("withheld")
                .doesNotContain("7");
    }

    @Test
    void refusesFormsThatItCannotMask() {
        assertThatThrownBy(() -> answer(READER, BODY, ResourceHttpMessageConverter.class))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(HttpStatus.NOT_ACCEPTABLE));
    }

    @Test
    void leavesTextsProblemsAndAllowedAnswersAlone() throws NoSuchMethodException {
        var problem = ProblemDetail.forStatus(404);

        assertThat(answer(READER, "a,b", StringHttpMessageConverter.class)).isEqualTo("a,b");
        assertThat(answer(READER, problem, ResourceHttpMessageConverter.class)).isSameAs(problem);
        assertThat(answer(Caller.OPEN, BODY, ResourceHttpMessageConverter.class))
                .isSameAs(BODY);
    }

    private static @Nullable Object answer(
            Caller caller, Object body, Class<? extends HttpMessageConverter<?>> converter)
            throws NoSuchMethodException {
        return new PayloadAdvice(request -> caller, TaskJson.MAPPER)
                .beforeBodyWrite(
                        body,
                        new MethodParameter(Object.class.getMethod("toString"), -1),
                        MediaType.APPLICATION_JSON,
                        converter,
                        new ServletServerHttpRequest(new MockHttpServletRequest("GET", "/api/tasks")),
                        new ServletServerHttpResponse(new MockHttpServletResponse()));
    }
}
