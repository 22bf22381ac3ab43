package io.celeriac.resultsweb.event;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Gives a request the means to cut its connection. The servlet API has none: a stream that nobody reads could only be
 * completed, and one of Tomcat's threads would wait until the client takes the bytes that were written.
 */
final class AbortValve extends ValveBase {

    /** Name of the request's attribute: a {@link Runnable}, valid until the request is over. */
    static final String ATTRIBUTE = AbortValve.class.getName();

    AbortValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var path = request.getRequestURI(); // null if the request line could not be read
        if (path != null && path.endsWith(EventController.PATH)) {
            var connection = response.getCoyoteResponse();
            request.setAttribute(ATTRIBUTE, (Runnable) () -> connection.action(ActionCode.CLOSE_NOW, null));
        }
        getNext().invoke(request, response);
    }
}
