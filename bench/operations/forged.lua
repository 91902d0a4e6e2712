-- The same question under signatures that nobody made. What is right is to be refused.

local forged = dofile(os.getenv("KIT") .. "/operations/me.lua")

local function refused(body)
  return body:find('"reason":"TOKEN_INVALID"', 1, true)
end
forged.answers = { me = refused, errors = refused }

return forged
