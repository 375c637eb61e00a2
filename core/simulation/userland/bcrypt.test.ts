import { expect, test } from "vitest";
import { bcryptMatches } from "./bcrypt.ts";

test("passwords as htpasswd -B and others have hashed them", () => {
  const teacher = "$2y$05$FEr8U.20N1Zi7zOMZveWo.CETcLXNdx3SXn/54KkV2/lcV0Mnl/Qy";
  expect(bcryptMatches("chalk", teacher)).toBe(true);
  expect(bcryptMatches("wrong", teacher)).toBe(false);
  expect(bcryptMatches("", teacher)).toBe(false);
  expect(bcryptMatches("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")).toBe(true);
  expect(bcryptMatches("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")).toBe(true);
});

test("what is no bcrypt matches nothing", () => {
  for (const hash of [
    "",
    "plain",
    "{SHA}xyz",
    "$2y$99$FEr8U.20N1Zi7zOMZveWo.CETcLXNdx3SXn/54KkV2/lcV0Mnl/Qy",
  ])
    expect(bcryptMatches("chalk", hash)).toBe(false);
});
