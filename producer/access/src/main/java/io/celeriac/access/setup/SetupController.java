package io.celeriac.access.setup;

import io.celeriac.access.session.UserSessions;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Creates the first administrator. */
@RestController
@RequestMapping(path = "/api/setup", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
class SetupController {

    private static final String EXAMPLE =
            "{\"token\": \"0b6e1a52-5c0e-4f9c-8a53-5e9f2a6d7c10\", \"user\": \"ada\", \"password\": \"correct horse battery\"}";

    private final FirstAdministrator first;
    private final Users users;
    private final UserSessions sessions;

    SetupController(FirstAdministrator first, Users users, UserSessions sessions) {
        this.first = first;
        this.users = users;
        this.sessions = sessions;
    }

    record Setup(
            @Nullable String token,
            @Nullable String user,
            @Nullable String password) {

        /** Without its secrets, which have no place in a log. */
        @Override
        public String toString() {
            return "Setup of " + user;
        }
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Become the first administrator",
            description =
                    "With the token that a gateway logs at its start while there is no user. It is good once, for 30 minutes."
                            + " The answer signs in, with a cookie.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "204", description = "Created and signed in", content = @Content)
    @ApiResponse(responseCode = "401", description = "The token was used, has expired, or is wrong", content = @Content)
    @ApiResponse(responseCode = "409", description = "There are users already", content = @Content)
    ResponseEntity<Void> setUp(@RequestBody Setup asked, @Parameter(hidden = true) HttpServletRequest request) {
        if (asked.token() == null || asked.user() == null) {
            throw ProblemException.invalid(asked.token() == null ? "token" : "user", "must be given");
        }
        if (!users.areNone()) {
            throw new ProblemException(HttpStatus.CONFLICT, "there are users already");
        }
        users.requireAcceptable(asked.user(), asked.password()); // before the token is used up
        if (!first.consume(asked.token())) {
            throw new ProblemException(
                    HttpStatus.UNAUTHORIZED, "the token was used, has expired, or is wrong; a restart makes a new one");
        }
        var user = users.createFirst(asked.user(), asked.password());
        sessions.begin(user, request);
        return ResponseEntity.noContent().build();
    }
}
