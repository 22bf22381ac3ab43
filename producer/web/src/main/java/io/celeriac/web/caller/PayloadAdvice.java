package io.celeriac.web.caller;

import io.celeriac.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Masks every JSON answer to a caller without {@code task:payload}. Such a caller gets no other form of an answer, as only trees
 * of JSON can be masked.
 */
@ControllerAdvice
final class PayloadAdvice implements ResponseBodyAdvice<Object> {

    private static final String API = "/api/";

    private final CallerSource callers;
    private final JsonMapper json;

    PayloadAdvice(CallerSource callers, JsonMapper json) {
        this.callers = callers;
        this.json = json;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body == null
                || body instanceof ProblemDetail
                || body instanceof String // written as it is: a controller's own text, and the description of the API
                || body instanceof byte[]
                || !(request instanceof ServletServerHttpRequest servlet)
                || !isApi(servlet)
                || callers.of(servlet.getServletRequest()).may(Authority.TASK_PAYLOAD)) {
            return body;
        }
        if (!JacksonJsonHttpMessageConverter.class.isAssignableFrom(converter)) {
            throw new ProblemException(HttpStatus.NOT_ACCEPTABLE, "the answer can be had only as application/json");
        }
        JsonNode tree = json.valueToTree(body);
        // A controller may share its tree with others.
        return PayloadMask.mask(body instanceof JsonNode ? tree.deepCopy() : tree);
    }

    private static boolean isApi(ServletServerHttpRequest request) {
        var servlet = request.getServletRequest();
        return servlet.getRequestURI().startsWith(servlet.getContextPath() + API);
    }
}
