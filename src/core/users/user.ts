export type UserId = number & { readonly brand: 'UserId' };
export type UserUuid = string & { readonly brand: 'UserUuid' };
export type UserRole = 'user' | 'admin';

/** A person with an account. At least one of username and email is present; both are unique without regard to case. */
export type User = {
  id: UserId;
  uuid: UserUuid;
  username: string | null;
  email: string | null;
  firstName: string | null;
  role: UserRole;
  disabledAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

export type UserKey = UserId | UserUuid;
