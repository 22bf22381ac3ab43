package io.celeriac.access.passkey;

import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The passkeys of any user, for administrators. */
@RestController
@RequestMapping(path = "/api/users/{name}/passkeys", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
public class UserPasskeyController {

    private final Passkeys passkeys;
    private final Users users;

    UserPasskeyController(Passkeys passkeys, Users users) {
        this.passkeys = passkeys;
        this.users = users;
    }

    @GetMapping
    @Operation(summary = "List the passkeys of a user", description = "The oldest one comes first.")
    @ApiResponse(responseCode = "200", description = "The passkeys")
    @ApiResponse(responseCode = "404", description = "No such user", content = @Content)
    public PasskeyList list(@PathVariable String name) {
        return PasskeyList.of(passkeys.of(user(name)));
    }

    @DeleteMapping("/{id}")
    @Operation(
            summary = "Delete a passkey of a user",
            description =
                    "For a device that was lost. The passkey cannot sign in any more, even if it was the only way; sessions go on"
                            + " until POST /api/users/{name}/sign-out.")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    @ApiResponse(responseCode = "404", description = "No such user, or no such passkey of the user", content = @Content)
    ResponseEntity<Void> delete(@PathVariable String name, @PathVariable String id) {
        passkeys.remove(user(name), id);
        return ResponseEntity.noContent().build();
    }

    private User user(String name) {
        return users.find(name)
                .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "there is no user " + name));
    }
}
